from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Names carry a hash of the content, ES module imports included, so they never go stale."""

    support_js_module_import_aggregation = True
    manifest_strict = False

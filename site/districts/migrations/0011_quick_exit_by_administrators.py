from django.db import migrations


def grant(apps, schema_editor):
    """Let the administrators of offices that are open already set where the quick exit leads."""
    permission = (
        apps.get_model("auth", "Permission")
        .objects.filter(
            content_type__app_label="safeguards",
            content_type__model="safetysettings",
            codename="change_safetysettings",
        )
        .first()
    )
    if permission is None:
        return
    Group = apps.get_model("auth", "Group")
    GroupSitePermission = apps.get_model("wagtailcore", "GroupSitePermission")
    for slug, site in apps.get_model("districts", "District").objects.values_list("slug", "site"):
        for group in Group.objects.filter(name=f"admin {slug}"):
            GroupSitePermission.objects.get_or_create(
                group=group, site_id=site, permission=permission
            )


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('districts', '0010_commitment_history'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]

from wagtail import hooks

from website.home.tree import build_tree

hooks.register("build_district_tree", build_tree)

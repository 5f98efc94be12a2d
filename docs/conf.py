"""How `make docs` makes a site of these pages: Sphinx reads them as they are and ends at a link that leads nowhere."""

project = "Quorum"
author = "The Quorum authors"
extensions = ["myst_parser", "sphinxcontrib.mermaid"]
myst_fence_as_directive = ["mermaid"]
myst_heading_anchors = 3  # links to headings work as on GitHub
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = project
html_show_sphinx = False
html_copy_source = False
html_extra_path = ["quorum.schema.json"]

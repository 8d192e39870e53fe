"""Browser components: one Python file and one JavaScript file for each kind of picture."""

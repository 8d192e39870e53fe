"""What the screens share: the bench that holds an experiment and its run, forms, toolbar, panels, components."""

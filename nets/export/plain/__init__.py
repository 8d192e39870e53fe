"""From the engine's own objects to plain source: what an experiment does, with everything that it does not cut away."""

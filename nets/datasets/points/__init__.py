"""Points in the plane. Circle, xor, gauss, spiral, plane and multi_gauss follow TensorFlow Playground's dataset.ts."""

"""What the office works with, one module per feature; features never import each other."""

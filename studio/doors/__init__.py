"""The studio's doors: Flask blueprints that answer the editor in JSON."""

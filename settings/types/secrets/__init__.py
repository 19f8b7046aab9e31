"""What tells a secret from a plain text: its name, its value, the marks of its maker. Pure; no value is handed on."""

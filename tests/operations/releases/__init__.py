"""Commands on the releases of a stack of a real engine, with a helm that shows what it is asked."""

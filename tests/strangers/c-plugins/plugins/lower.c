const char *run(void) { return "lower plug-in"; }

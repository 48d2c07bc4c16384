const char *run(void) { return "upper plug-in"; }

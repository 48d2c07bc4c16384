/* The text of a page, to be freed; uploaded is the size of what was sent, or -1. */
char *page(const char *url, long uploaded, int *status);

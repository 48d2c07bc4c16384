/* Each gives an exit code. */
int show(const char *port);
int ports(void);
int moon(const char *zone);
int help(void);
int chart(void);

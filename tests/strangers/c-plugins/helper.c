#include <stdio.h>

int main(void) { puts("the helper ran"); }

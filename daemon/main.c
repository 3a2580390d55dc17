#include <stdio.h>

int main(void)
{
	puts("setaside " SETASIDE_VERSION);
	return 0;
}

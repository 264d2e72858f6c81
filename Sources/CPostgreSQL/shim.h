// Where libpq's header is, without pkg-config, which would warn in builds that do not need it.
#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif

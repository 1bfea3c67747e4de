/* A clock that is SHIFT seconds away from the machine's and runs on with it, for one process and its children.

   Only what day and time it is moves. What measures how long something takes does not, nor do timers, so that waiting
   for a lock ends as it always does: libfaketime, which does more, made tests of threads slow and had some of them fail. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t which, struct timespec *now) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int failed = real ? real(which, now) : (int)syscall(SYS_clock_gettime, which, now);
  if (!failed && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) now->tv_sec += SHIFT;
  return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone __attribute__((unused))) {
  struct timespec found;
  int failed = clock_gettime(CLOCK_REALTIME, &found);
  if (!failed) *now = (struct timeval){found.tv_sec, found.tv_nsec / 1000};
  return failed;
}

time_t time(time_t *now) {
  struct timespec found = {-1, 0};
  clock_gettime(CLOCK_REALTIME, &found);
  if (now) *now = found.tv_sec;
  return found.tv_sec;
}

/* The kernel does not know of our clock: a time to wait until is told in its own. */
int sem_timedwait(sem_t *restrict held, const struct timespec *restrict until) {
  static int (*real)(sem_t *restrict, const struct timespec *restrict);
  if (!real) real = (int (*)(sem_t *restrict, const struct timespec *restrict))dlsym(RTLD_NEXT, "sem_timedwait");
  struct timespec theirs = {until->tv_sec - SHIFT, until->tv_nsec};
  return real(held, &theirs);
}

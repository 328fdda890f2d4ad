/* A disk that forgets, and fails, for the files of one folder. Preloaded into the desk; see shim.py.
 *
 * Every file below SHIM_LIVE has a twin below SHIM_DISK: what a disk would still hold after a power cut. A write goes
 * to the live file and is remembered; a sync carries what was remembered to the twin. As on a real disk some writes
 * get there early, whole or in part, so that nothing may depend on their order. SHIM_CONTROL is a page shared with
 * the test, as struct control below.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FDS = 4096, FILES = 64, SECTOR = 512 };
enum {
  SYNC_EIO = 1,     /* a sync fails, and what it should have saved may be gone */
  WRITE_ENOSPC = 2, /* the disk is full */
  SYNC_NOTHING = 4, /* a sync says yes and does nothing: a deliberate lie, the test must catch it */
  WRITE_EIO = 8,
  DIE_BEFORE = 16, /* the power goes as a sync begins */
  DIE_AFTER = 32,  /* the power goes when a sync is done and nobody has been told */
};

struct control {
  volatile uint32_t faults; /* what goes wrong, see above */
  volatile uint32_t after;  /* calls that still go well */
  volatile uint32_t times;  /* calls that go wrong then; 0: all of them */
  volatile uint32_t hits;   /* how many did */
  volatile uint32_t syncs;
  volatile uint32_t early; /* of 256 writes, how many reach the disk at once */
};

struct range {
  off_t from, to;
};

struct file {
  char path[PATH_MAX];
  int twin;
  struct range *dirty;
  size_t count, room;
};

static struct file files[FILES];
static struct file *by_fd[FDS];
static struct control *control;
static char live[PATH_MAX], disk[PATH_MAX];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int is_set_up;
static uint64_t dice = 88172645463325252ull;

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);

static uint32_t roll(void) {
  dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
  return (uint32_t)(dice >> 32);
}

__attribute__((constructor)) static void find_the_real_ones(void) {
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_write = dlsym(RTLD_NEXT, "write");
  real_open = dlsym(RTLD_NEXT, "open64");
  real_close = dlsym(RTLD_NEXT, "close");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
}

/* The desk is forked from a launcher and gets its environment after that: look when the first file is opened. */
static int set_up(void) {
  const char *from = getenv("SHIM_LIVE"), *to = getenv("SHIM_DISK"), *page = getenv("SHIM_CONTROL");
  if (is_set_up || !from || !to || !page) return is_set_up;
  snprintf(live, sizeof live, "%s/", from);
  snprintf(disk, sizeof disk, "%s/", to);
  int fd = real_open(page, O_RDWR);
  if (fd < 0) abort();
  control = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (control == MAP_FAILED) abort();
  real_close(fd);
  dice ^= (uint64_t)getpid() << 17;
  return is_set_up = 1;
}

static int ends_with(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n >= m && !strcmp(text + n - m, end);
}

static const char *name_of(const char *path) {
  if (!set_up() || strncmp(path, live, strlen(live))) return NULL;
  return strstr(path, ".db") && !ends_with(path, "-shm") ? path + strlen(live) : NULL;
}

static void opened(int fd, const char *path) {
  const char *name = fd >= 0 && fd < FDS ? name_of(path) : NULL;
  if (!name) return;
  pthread_mutex_lock(&lock);
  struct file *found = NULL;
  for (int i = 0; i < FILES && !found; i++)
    if (!strcmp(files[i].path, path)) found = &files[i];
  for (int i = 0; i < FILES && !found; i++)
    if (!files[i].path[0]) {
      char twin[2 * PATH_MAX];
      snprintf(twin, sizeof twin, "%s%s", disk, name);
      found = &files[i];
      snprintf(found->path, sizeof found->path, "%s", path);
      found->twin = real_open(twin, O_RDWR | O_CREAT, 0644);
      if (found->twin < 0) abort();
    }
  by_fd[fd] = found;
  pthread_mutex_unlock(&lock);
}

/* Whether this call goes wrong now. */
static int strikes(uint32_t fault) {
  if (!control || !(control->faults & fault)) return 0;
  if (control->after) {
    control->after--;
    return 0;
  }
  if (control->times && control->hits >= control->times) return 0;
  control->hits++;
  return 1;
}

static void carry(struct file *file, int fd, off_t from, off_t to) {
  char buffer[65536];
  while (from < to) {
    size_t size = (size_t)(to - from) < sizeof buffer ? (size_t)(to - from) : sizeof buffer;
    ssize_t got = pread64(fd, buffer, size, from);
    if (got <= 0) return;
    real_pwrite(file->twin, buffer, (size_t)got, from);
    from += got;
  }
}

static void wrote(struct file *file, int fd, off_t from, ssize_t size) {
  if (size <= 0) return;
  if (file->count == file->room) {
    file->room = file->room ? 2 * file->room : 256;
    file->dirty = realloc(file->dirty, file->room * sizeof *file->dirty);
    if (!file->dirty) abort();
  }
  file->dirty[file->count++] = (struct range){from, from + size};
  if (control->early && (roll() & 255) < control->early) {
    off_t some = (off_t)(roll() % ((uint32_t)size / SECTOR + 1)) * SECTOR;
    carry(file, fd, from, from + (some && some < size ? some : size));
  }
}

static ssize_t do_write(int fd, const void *data, size_t size, off_t at, int here) {
  struct file *file = fd >= 0 && fd < FDS ? by_fd[fd] : NULL;
  if (!file) return here ? real_write(fd, data, size) : real_pwrite(fd, data, size, at);
  pthread_mutex_lock(&lock);
  ssize_t done = -1;
  if (strikes(WRITE_ENOSPC)) {
    errno = ENOSPC;
  } else if (strikes(WRITE_EIO)) {
    errno = EIO;
  } else {
    off_t place = here ? lseek64(fd, 0, SEEK_CUR) : at;
    done = here ? real_write(fd, data, size) : real_pwrite(fd, data, size, at);
    wrote(file, fd, place, done);
  }
  pthread_mutex_unlock(&lock);
  return done;
}

static int do_sync(int fd) {
  struct file *file = fd >= 0 && fd < FDS ? by_fd[fd] : NULL;
  if (!file) return real_fdatasync(fd);
  pthread_mutex_lock(&lock);
  int result = 0;
  control->syncs++;
  if (strikes(DIE_BEFORE)) kill(getpid(), SIGKILL), pause();
  if (strikes(SYNC_EIO)) {
    /* As on Linux: the pages count as clean from here on, and only some of them reached the disk. */
    for (size_t i = 0; i < file->count; i++)
      if (roll() & 1) carry(file, fd, file->dirty[i].from, file->dirty[i].to);
    file->count = 0;
    errno = EIO;
    result = -1;
  } else if (!(control->faults & SYNC_NOTHING)) {
    struct stat64 status;
    for (size_t i = 0; i < file->count; i++) carry(file, fd, file->dirty[i].from, file->dirty[i].to);
    file->count = 0;
    if (!fstat64(fd, &status) && ftruncate64(file->twin, status.st_size)) abort();
  }
  if (strikes(DIE_AFTER)) kill(getpid(), SIGKILL), pause();
  pthread_mutex_unlock(&lock);
  return result;
}

#define OPENS(name)                                            \
  int name(const char *path, int flags, ...) {                 \
    va_list rest;                                              \
    va_start(rest, flags);                                     \
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;  \
    va_end(rest);                                              \
    if (!real_open) find_the_real_ones();                      \
    int fd = real_open(path, flags, mode);                     \
    opened(fd, path);                                          \
    return fd;                                                 \
  }
OPENS(open)
OPENS(open64)

int close(int fd) {
  if (!real_close) find_the_real_ones();
  if (fd >= 0 && fd < FDS) by_fd[fd] = NULL;
  return real_close(fd);
}

int unlink(const char *path) {
  const char *name = name_of(path);
  if (name) {
    char twin[2 * PATH_MAX];
    snprintf(twin, sizeof twin, "%s%s", disk, name);
    pthread_mutex_lock(&lock);
    for (int i = 0; i < FILES; i++)
      if (!strcmp(files[i].path, path)) {
        real_close(files[i].twin);
        files[i].path[0] = 0;
        files[i].count = 0;
      }
    real_unlink(twin);
    pthread_mutex_unlock(&lock);
  }
  return real_unlink(path);
}

ssize_t write(int fd, const void *data, size_t size) { return do_write(fd, data, size, 0, 1); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return do_write(fd, data, size, at, 0); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { return do_write(fd, data, size, at, 0); }
int fsync(int fd) { return do_sync(fd); }
int fdatasync(int fd) { return do_sync(fd); }

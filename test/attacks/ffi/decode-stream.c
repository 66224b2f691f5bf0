/*
 * Decodes a stream of files as packages/serve/src/decode/turbojpeg-library.ts does: the same library, calls, order and
 * parameters. A C program, so that every byte that the library touches can be watched:
 *
 *   decode-stream LIBRARY guard   input and target each end where a page begins that may not be touched
 *   decode-stream LIBRARY heap    each in a block of its exact size, for valgrind
 *
 * Standard input: cases of three little-endian 32-bit numbers (bytes, width, height) and the file. 0 x 0 stands for
 * what the library itself reads from the header. Standard output, a line a case: verdict, width, height, FNV-1a of the
 * pixels, and why it was refused. Each is decoded whole, and then at each scale of decode-scale.ts, for the memory alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Numbers are those of turbojpeg.h. */
enum { INIT_DECOMPRESS = 1, FORMAT_RGB = 0, STOP_ON_WARNING = 0, JPEG_WIDTH = 5, JPEG_HEIGHT = 6, SCAN_LIMIT = 13, LOSSLESS = 15 };
enum { SCANS = 100, MOST_PIXELS = 4000000, PAGE = 4096, ROOM = 16 << 20, MARGIN = 256, MARGIN_BYTE = 0xa5 };
enum { HANGS_AFTER_S = 120 };

typedef struct { int numerator, denominator; } Scale;
typedef struct { uint8_t *start; size_t size; uint8_t *end; } Block;

static void *(*tj3_init)(int);
static int (*tj3_set)(void *, int, int);
static int (*tj3_get)(void *, int);
static int (*tj3_header)(void *, const uint8_t *, size_t);
static int (*tj3_scale)(void *, Scale);
static int (*tj3_decompress)(void *, const uint8_t *, size_t, uint8_t *, int, int);
static char *(*tj3_error)(void *);
static void (*tj3_destroy)(void *);

static int guarded;
static Block input, target;

static void fail(const char *why) {
  fprintf(stderr, "decode-stream: %s\n", why);
  exit(2);
}

static void *symbol(void *library, const char *name) {
  void *found = dlsym(library, name);
  if (found == NULL) fail(dlerror());
  return found;
}

/* Room whose end abuts a page that may be neither read nor written. */
static void reserve(Block *block) {
  uint8_t *room = mmap(NULL, ROOM + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED || mprotect(room + ROOM, PAGE, PROT_NONE) != 0) fail("no memory");
  block->end = room + ROOM;
}

static void take(Block *block, size_t size) {
  block->size = size;
  if (guarded) {
    if (size + MARGIN > ROOM) fail("case too large");
    block->start = block->end - size;
    memset(block->start - MARGIN, MARGIN_BYTE, MARGIN);
  } else if ((block->start = malloc(size)) == NULL && size > 0) {
    fail("no memory");
  }
}

static int margin_is_whole(const Block *block) {
  for (const uint8_t *at = block->start - MARGIN; guarded && at < block->start; at++)
    if (*at != MARGIN_BYTE) return 0;
  return 1;
}

static void give(Block *block) {
  if (!guarded) free(block->start);
  block->start = NULL;
}

static uint32_t fnv1a(const uint8_t *bytes, size_t size) {
  uint32_t hash = 2166136261u;
  for (size_t n = 0; n < size; n++) hash = (hash ^ bytes[n]) * 16777619u;
  return hash;
}

static uint32_t scaled(uint32_t side, int denominator) { return (side + denominator - 1) / denominator; }

/* What turbojpeg-library.ts does for a target of exactly as many bytes as the scaled picture has. */
static const char *decode_with(void *handle, int denominator, uint32_t *width, uint32_t *height) {
  tj3_set(handle, STOP_ON_WARNING, 1);
  tj3_set(handle, SCAN_LIMIT, SCANS);
  if (tj3_header(handle, input.start, input.size) != 0) return "refused";
  uint32_t jpeg_width = tj3_get(handle, JPEG_WIDTH), jpeg_height = tj3_get(handle, JPEG_HEIGHT);
  if (*width == 0 && *height == 0) *width = jpeg_width, *height = jpeg_height;
  if (jpeg_width != *width || jpeg_height != *height) return "other-size";
  if (tj3_get(handle, LOSSLESS) != 0) return "lossless";
  if ((uint64_t)*width * *height > MOST_PIXELS) return "too-large";
  if (target.start == NULL) take(&target, (size_t)scaled(*width, denominator) * scaled(*height, denominator) * 3);
  if (tj3_scale(handle, (Scale){1, denominator}) != 0) return "refused";
  return tj3_decompress(handle, input.start, input.size, target.start, 0, FORMAT_RGB) == 0 ? "ok" : "refused";
}

static const char *decode(int denominator, uint32_t *width, uint32_t *height, char *why, size_t room) {
  void *handle = tj3_init(INIT_DECOMPRESS);
  if (handle == NULL) fail("tj3Init");
  const char *verdict = decode_with(handle, denominator, width, height);
  snprintf(why, room, "%s", strcmp(verdict, "refused") == 0 ? tj3_error(handle) : "");
  tj3_destroy(handle);
  return verdict;
}

/* Decodes into zeros, then into ones: bytes that it leaves alone are another client's pixels in the server. */
static const char *decode_twice(int denominator, uint32_t *width, uint32_t *height, uint32_t *hash, char *why,
                                size_t room) {
  const char *verdict = decode(denominator, width, height, why, room);
  if (target.start == NULL) return verdict;
  if (!margin_is_whole(&target)) return "underrun";
  int is_ok = strcmp(verdict, "ok") == 0;
  if (is_ok) *hash = fnv1a(target.start, target.size);
  if (guarded) {
    memset(target.start, 0xff, target.size);
    if (strcmp(verdict, decode(denominator, width, height, why, room)) != 0) return "unstable";
    if (is_ok && *hash != fnv1a(target.start, target.size)) return "unwritten";
    memset(target.start, 0, target.size);
  }
  return verdict;
}

/* The verdict on the whole picture, unless a smaller one touches memory that it should not. */
static const char *decode_at_each_scale(uint32_t *width, uint32_t *height, uint32_t *hash, char *why, size_t room) {
  const char *whole = decode_twice(1, width, height, hash, why, room);
  for (int denominator = 2; denominator <= 8 && target.start != NULL; denominator *= 2) {
    give(&target);
    char other_why[256];
    uint32_t other_hash = 0;
    const char *verdict = decode_twice(denominator, width, height, &other_hash, other_why, sizeof other_why);
    if (strcmp(verdict, "ok") == 0 || strcmp(verdict, "refused") == 0) continue;
    snprintf(why, room, "at 1/%d", denominator);
    return verdict;
  }
  return whole;
}

static void on_fault(int number, siginfo_t *info, void *context) {
  (void)context;
  const uint8_t *at = info->si_addr;
  const char *where = number == SIGALRM                            ? "hangs\n"
                      : at >= target.end && at < target.end + PAGE ? "touched what lies after the target\n"
                      : at >= input.end && at < input.end + PAGE   ? "touched what lies after the input\n"
                                                                   : "crashed elsewhere\n";
  if (write(STDERR_FILENO, where, strlen(where)) < 0) _exit(4);
  _exit(3);
}

int main(int count, char **arguments) {
  if (count != 3) fail("usage: decode-stream LIBRARY guard|heap");
  void *library = dlopen(arguments[1], RTLD_NOW);
  if (library == NULL) fail(dlerror());
  tj3_init = symbol(library, "tj3Init");
  tj3_set = symbol(library, "tj3Set");
  tj3_get = symbol(library, "tj3Get");
  tj3_header = symbol(library, "tj3DecompressHeader");
  tj3_scale = symbol(library, "tj3SetScalingFactor");
  tj3_decompress = symbol(library, "tj3Decompress8");
  tj3_error = symbol(library, "tj3GetErrorStr");
  tj3_destroy = symbol(library, "tj3Destroy");

  guarded = strcmp(arguments[2], "guard") == 0;
  if (guarded) {
    reserve(&input);
    reserve(&target);
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    for (const int *number = (int[]){SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM, 0}; *number != 0; number++)
      sigaction(*number, &action, NULL);
  }
  for (uint32_t head[3]; fread(head, sizeof head, 1, stdin) == 1;) {
    uint32_t hash = 0;
    take(&input, head[0]);
    if (head[0] > 0 && fread(input.start, head[0], 1, stdin) != 1) fail("half a case");
    alarm(HANGS_AFTER_S);
    char why[256];
    const char *verdict = decode_at_each_scale(&head[1], &head[2], &hash, why, sizeof why);
    printf("%s %u %u %u %s\n", verdict, head[1], head[2], hash, why);
    fflush(stdout);
    alarm(0);
    give(&input);
    if (target.start != NULL) give(&target);
  }
  return 0;
}

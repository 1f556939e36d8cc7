/* Sends prepared HTTP requests over keep-alive connections and measures the answers; one thread, epoll.
 *
 *   load HOST PORT FILE CONNECTIONS SECONDS [RATE]
 *
 * FILE: requests one after the other, each a 4-byte little-endian length and so many bytes. They are sent in turn, over
 * and over. Without RATE every connection sends as soon as it has its answer. With it, so many requests a second are due,
 * and a request's time counts from when it was due, whether or not a connection was free: a server that stalls cannot
 * hide it. Prints one JSON object. An answer fails when its status is not 200 or its body has an error in it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef struct { const char *bytes; size_t length; } Request;

typedef struct {
  int socket;
  const Request *request; /* under way; NULL when free */
  size_t sent;
  char *answer;
  size_t received, capacity, wanted; /* wanted is 0 until the head is whole */
  double begun;
} Connection;

static Request *requests;
static size_t request_count, next_request;
static struct sockaddr_in address;
static int poller;
static double *times;
static size_t time_count, time_capacity;
static size_t failures;
static char first_failure[400];

static void stop(const char *what) {
  fprintf(stderr, "load: %s: %s\n", what, errno ? strerror(errno) : "not understood");
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void read_requests(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) stop(path);
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *all = malloc(size + 1);
  if (fread(all, 1, size, file) != (size_t)size) stop(path);
  fclose(file);
  for (long at = 0; at + 4 <= size;) {
    uint32_t length;
    memcpy(&length, all + at, 4);
    requests = realloc(requests, (request_count + 1) * sizeof *requests);
    requests[request_count++] = (Request){all + at + 4, length};
    at += 4 + length;
  }
  if (!request_count) stop("no requests");
}

static void open_connection(Connection *c) {
  c->socket = socket(AF_INET, SOCK_STREAM, 0);
  if (c->socket < 0 || connect(c->socket, (struct sockaddr *)&address, sizeof address) < 0) stop("connect");
  int one = 1;
  setsockopt(c->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  fcntl(c->socket, F_SETFL, O_NONBLOCK);
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
  epoll_ctl(poller, EPOLL_CTL_ADD, c->socket, &event);
}

static void write_rest(Connection *c) {
  while (c->request && c->sent < c->request->length) {
    ssize_t n = send(c->socket, c->request->bytes + c->sent, c->request->length - c->sent, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EAGAIN) return;
      stop("send");
    }
    c->sent += n;
  }
}

static void begin(Connection *c, double due) {
  c->request = &requests[next_request];
  next_request = (next_request + 1) % request_count;
  c->sent = c->received = c->wanted = 0;
  c->begun = due;
  write_rest(c);
}

/* The whole length of the answer; 0 while its head is not whole. */
static size_t answer_length(Connection *c) {
  c->answer[c->received] = 0;
  char *end = strstr(c->answer, "\r\n\r\n");
  if (!end) return 0;
  char *field = strcasestr(c->answer, "\r\ncontent-length:");
  if (!field || field > end) stop("an answer without Content-Length");
  return (end + 4 - c->answer) + strtoul(field + 17, NULL, 10);
}

static void note(Connection *c, double at) {
  c->answer[c->received] = 0;
  char *body = strstr(c->answer, "\r\n\r\n");
  if (strncmp(c->answer + 8, " 200", 4) != 0 || strstr(body, "\"Error\"") || strstr(body, "<Error>")) {
    if (!failures++) snprintf(first_failure, sizeof first_failure, "%s", body + 4);
  }
  if (time_count == time_capacity) {
    time_capacity = time_capacity ? 2 * time_capacity : 1 << 20;
    times = realloc(times, time_capacity * sizeof *times);
  }
  times[time_count++] = at - c->begun;
}

/* Reads what there is; whether the answer is whole. */
static int read_answer(Connection *c) {
  for (;;) {
    if (c->capacity - c->received < 65536) c->answer = realloc(c->answer, (c->capacity += 1 << 20) + 1);
    ssize_t n = recv(c->socket, c->answer + c->received, c->capacity - c->received, 0);
    if (n < 0 && errno == EAGAIN) return 0;
    if (n <= 0) stop("the server closed a connection");
    c->received += n;
    if (!c->wanted) c->wanted = answer_length(c);
    if (c->wanted && c->received >= c->wanted) return 1;
  }
}

/* Or until there is an answer. Sleeps, so that the server has the processor; epoll knows whole milliseconds only. */
static void sleep_until(double due) {
  double rest = due - now();
  if (rest <= 0) return;
  struct pollfd event = {.fd = poller, .events = POLLIN};
  struct timespec time = {.tv_sec = (time_t)rest, .tv_nsec = (long)((rest - (time_t)rest) * 1e9)};
  ppoll(&event, 1, &time, NULL);
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void print(const char *text) {
  for (; *text; text++)
    if (*text == '"' || *text == '\\') printf("\\%c", *text);
    else if ((unsigned char)*text >= 32) putchar(*text);
}

int main(int count, char **words) {
  if (count < 6) return fputs("usage: load HOST PORT FILE CONNECTIONS SECONDS [RATE]\n", stderr), 2;
  address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(atoi(words[2]))};
  if (inet_pton(AF_INET, words[1], &address.sin_addr) != 1) stop(words[1]);
  read_requests(words[3]);
  int size = atoi(words[4]);
  double seconds = atof(words[5]), rate = count > 6 ? atof(words[6]) : 0;
  Connection *connections = calloc(size, sizeof *connections);
  Connection **idle = calloc(size, sizeof *idle);
  int idle_count = 0;
  poller = epoll_create1(0);
  prctl(PR_SET_TIMERSLACK, 1);
  for (int i = 0; i < size; i++) open_connection(&connections[i]);

  double start = now(), end = start + seconds, due = start, at = start;
  for (int i = 0; i < size; i++)
    if (rate) idle[idle_count++] = &connections[i];
    else begin(&connections[i], start);
  struct epoll_event events[256];
  while (at < end) {
    while (rate && due <= at && idle_count) begin(idle[--idle_count], due), due += 1 / rate;
    if (rate && idle_count) sleep_until(due);
    int ready = epoll_wait(poller, events, 256, rate && idle_count ? 0 : 100);
    at = now();
    for (int i = 0; i < ready; i++) {
      Connection *c = events[i].data.ptr;
      if (events[i].events & EPOLLOUT) write_rest(c);
      if (!(events[i].events & EPOLLIN) || !c->request || !read_answer(c)) continue;
      note(c, now());
      c->request = NULL;
      if (!rate) begin(c, now());
      else if (due <= now()) begin(c, due), due += 1 / rate;
      else idle[idle_count++] = c;
    }
  }
  qsort(times, time_count, sizeof *times, ascending);
  double p50 = time_count ? times[time_count / 2] : 0, p99 = time_count ? times[time_count * 99 / 100] : 0;
  printf("{\"requests\": %zu, \"seconds\": %.3f, \"rate\": %.1f, \"p50\": %.3f, \"p99\": %.3f, \"failures\": %zu, \"failure\": \"",
    time_count, at - start, time_count / (at - start), p50 * 1e3, p99 * 1e3, failures);
  print(first_failure);
  puts("\"}");
  return 0;
}

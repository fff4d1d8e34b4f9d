/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Horn's runtime: what runs a compiled model, as a C ABI.
 *
 * A compiled model is a `horn_program`: constant data and functions, made by the JIT or linked in
 * from an object file. The order of calls:
 *
 *     horn_model_create    once; the model is immutable, shared by any number of sessions
 *     horn_session_create  once per concurrent user; owns the arena and the state
 *     horn_session_run     any number of times; after the first call at given shapes it neither
 *                          allocates nor takes a lock
 *
 * No function throws or aborts; each returns a horn_status, and horn_last_error() has the message.
 */
#ifndef HORN_RUNTIME_H
#define HORN_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HORN_ABI_VERSION 2u
#define HORN_PROGRAM_MAGIC 0x4e524f48u /* "HORN", little endian */

/* ---- status ------------------------------------------------------------------------------- */

typedef enum horn_status {
  HORN_OK = 0,
  HORN_INVALID_ARGUMENT = 1, /* the caller's mistake: wrong shape, null pointer */
  HORN_OUT_OF_MEMORY = 2,
  HORN_INCOMPATIBLE = 3, /* the program is of another ABI version or needs another CPU */
  HORN_INTERNAL = 4
} horn_status;

/* The message of the last status other than HORN_OK on this thread; never null. */
const char *horn_last_error(void);
/* "ok", "invalid argument", ... */
const char *horn_status_name(horn_status status);

/* ---- what the compiler emits --------------------------------------------------------------- */

/* Element types; a bool is one byte. */
typedef enum horn_dtype {
  HORN_FLOAT32 = 0,
  HORN_FLOAT64,
  HORN_FLOAT16,
  HORN_BFLOAT16,
  HORN_INT8,
  HORN_INT16,
  HORN_INT32,
  HORN_INT64,
  HORN_UINT8,
  HORN_UINT16,
  HORN_UINT32,
  HORN_UINT64,
  HORN_BOOL
} horn_dtype;

#define HORN_MAX_RANK 8
#define HORN_UNKNOWN_DIM (-1)

/* What a program says of an input, an output or a weight. */
typedef struct horn_tensor_info {
  const char *name;             /* as the model has it */
  int32_t dtype;                /* horn_dtype */
  int32_t rank;                 /* number of axes */
  int64_t shape[HORN_MAX_RANK]; /* HORN_UNKNOWN_DIM where a call decides */
} horn_tensor_info;

typedef enum horn_weight_kind {
  HORN_WEIGHT_VARIABLE = 0, /* a weight of the model, given by the user */
  HORN_WEIGHT_PREPARED = 1, /* computed by `prepare` from variables */
  HORN_WEIGHT_STATE = 2     /* a variable that a run changes: each session has its own copy */
} horn_weight_kind;

/* A weight of a program. */
typedef struct horn_weight_info {
  horn_tensor_info tensor; /* its name and shape */
  int32_t kind;            /* horn_weight_kind */
  int32_t in_forward;      /* 1 if `forward` reads it; others may be freed after `prepare` */
  const void *data;        /* the value, 64-byte aligned; null when it is given at load (JIT) */
} horn_weight_info;

/* An unknown dimension of the inputs: the first place where it stands. Dimensions that must agree
 * (the batch of all inputs) share one symbol. */
typedef struct horn_symbol_info {
  int32_t input; /* its number */
  int32_t axis;  /* of the input */
} horn_symbol_info;

/* Tasks [begin, end) of a parallel loop. */
typedef void (*horn_task)(void *arguments, int64_t begin, int64_t end);

/* Threads that share the work of runs. */
typedef struct horn_pool horn_pool;

typedef struct horn_frame horn_frame;
/* What compiled code sees during a run. */
struct horn_frame {
  void *const *inputs;    /* data of each input */
  void *const *outputs;   /* data of each output */
  void *const *weights;   /* one pointer per horn_weight_info */
  const int64_t *symbols; /* value of each unknown dimension */
  const int64_t *offsets; /* bytes from `arena`, one per planned buffer */
  char *arena;            /* memory of temporaries, aligned to 64 bytes */
  horn_pool *pool;        /* null runs all on the calling thread */
  /* For `prepare` alone, null in `forward`: the value of a variable, taken once and given back
   * behind its last use. Where acquire() returns null, `prepare` returns at once. */
  const void *(*acquire)(const horn_frame *frame, int32_t weight);
  /* Gives a variable back. */
  void (*release)(const horn_frame *frame, int32_t weight);
};

/* A compiled model: constant data and functions. */
typedef struct horn_program {
  uint32_t magic;       /* HORN_PROGRAM_MAGIC */
  uint32_t abi_version; /* HORN_ABI_VERSION of the compiler */
  const char *name;     /* of the model */
  const char *cpu;    /* instruction set level the code needs: "x86-64", "x86-64-v3", "x86-64-v4" */
  int32_t num_inputs; /* entries of `inputs` */
  int32_t num_outputs;             /* entries of `outputs` */
  int32_t num_weights;             /* entries of `weights` */
  int32_t num_symbols;             /* unknown dimensions */
  int32_t num_buffers;             /* temporaries of `forward` */
  int32_t num_kernels;             /* functions that `forward` calls */
  const horn_tensor_info *inputs;  /* in the order of the model */
  const horn_tensor_info *outputs; /* in the order of the model */
  const horn_weight_info *weights; /* variables, prepared weights and states */
  const horn_symbol_info *symbols; /* where each unknown dimension stands first */
  /* The symbol of each unknown input dimension: num_inputs x HORN_MAX_RANK, -1 where known. */
  const int32_t *input_symbols;
  /* Writes num_buffers offsets; returns the bytes of the arena, which is aligned to 64 bytes. May
   * be null when there are no buffers. */
  int64_t (*plan)(const int64_t *symbols, int64_t *offsets);
  /* Writes the shapes of the outputs: num_outputs x HORN_MAX_RANK dimensions. */
  void (*output_shapes)(const int64_t *symbols, int64_t *shapes);
  /* Runs the model. */
  void (*forward)(const horn_frame *frame);
  /* Computes every HORN_WEIGHT_PREPARED weight from the variables; null when there is none.
   * Its temporaries are planned by prepare_plan (offsets as in `plan`, no symbols). */
  void (*prepare)(const horn_frame *frame);
  /* As `plan`, for `prepare`. */
  int64_t (*prepare_plan)(const int64_t *symbols, int64_t *offsets);
  int32_t num_prepare_buffers; /* temporaries of `prepare` */
  /* 1 if the only unknown dimension is the first axis of all inputs and outputs and each row of the
   * outputs depends on the same row of the inputs alone: a run may then go through it in parts. */
  int32_t rows_apart;
  int64_t row_bytes; /* of all temporaries for one row, whether they share memory or not */
} horn_program;

/* Called by compiled code: splits [0, count) into at most one contiguous range per thread, each of
 * at least `grain` tasks, and returns when all are done. A range may run on the calling thread.
 * All of it runs there, as one range, when `pool` is null, when another thread has a region in the
 * pool, and inside a range of another region: a call never waits for a thread to be free. Results
 * must not depend on the split. `task` must not call fork(). */
void horn_parallel_for(horn_pool *pool, horn_task task, void *arguments, int64_t count,
                       int64_t grain);

/* A member of a team: one of the threads that run a body together. */
typedef struct horn_team horn_team;
/* What every member of a team runs, in the same order of loops. */
typedef void (*horn_team_body)(void *arguments, horn_team *team);

/* Called by compiled code for loops that follow one another closely, as the steps of a recurrent
 * layer do: runs `body` on a team of at most `limit` threads, and at most as many as cores, and
 * returns when all have left it. The team has one member, the caller, where horn_parallel_for would
 * run inline. So it has in a pool of the host's threads, which need not run at the same time; its
 * loops are then loops of the host. */
void horn_parallel_team(horn_pool *pool, horn_team_body body, void *arguments, int64_t limit);
/* A loop of a team, called by all members with the same `task`, `count` and `grain`: splits the
 * tasks as horn_parallel_for does, always in the same way for the same numbers, so that a member
 * finds what it used in its caches. Returns when all are done; what any member wrote is seen by
 * all. `arguments` may be each member's own copy. */
void horn_team_for(horn_team *team, horn_task task, void *arguments, int64_t count, int64_t grain);
/* The same for the only loop of a body, which it does again and again with the same numbers: runs
 * of `apart` tasks need nothing that other runs wrote in the rounds before. Where members get about
 * as many runs each, they have the same in all rounds and do not wait for each other. */
void horn_team_for_apart(horn_team *team, horn_task task, void *arguments, int64_t count,
                         int64_t grain, int64_t apart);

/* One of several loops that do not depend on one another. */
typedef struct horn_team_call {
  horn_team_body body;
  void *arguments;
  int64_t limit;       /* as of horn_parallel_team */
  int64_t nanoseconds; /* about how long the body takes one thread */
} horn_team_call;

/* Called by compiled code, as for the two directions of a recurrent layer: runs the body of every
 * call, on teams side by side that share the threads between them, or one after the other as
 * horn_parallel_team does, whichever is quicker by `nanoseconds`. Returns when all have ended. */
void horn_parallel_teams(horn_pool *pool, const horn_team_call *calls, int64_t count);

/* ---- thread pool --------------------------------------------------------------------------- */

/* A pool of `threads` threads, the caller included; 1 starts none. 0 asks for the default: the
 * environment variable HORN_NUM_THREADS, else the cores of the affinity mask (two processors of one
 * core count once) and cgroup quota.
 * Idle threads poll for HORN_SPIN_US microseconds (50; 0 when more threads than can run at once)
 * and then sleep. In a forked child a pool starts its threads again when it is next used. */
horn_status horn_pool_create(int32_t threads, horn_pool **pool);
void horn_pool_destroy(horn_pool *pool); /* when nothing runs in it */
int32_t horn_pool_threads(const horn_pool *pool);
int32_t horn_default_threads(void);

/* The host's own parallel loop, in place of a pool's threads. It must call `task` for disjoint
 * ranges that cover [0, count) and return when all are done. It is not called for what would be a
 * single range, nor inside a range. `threads` is how many threads it uses, 0 the default. */
typedef void (*horn_parallel_function)(void *context, horn_task task, void *arguments,
                                       int64_t count, int64_t grain);
horn_status horn_pool_create_hosted(horn_parallel_function function, void *context, int32_t threads,
                                    horn_pool **pool);

/* ---- models and sessions -------------------------------------------------------------------- */

typedef struct horn_model horn_model;
typedef struct horn_session horn_session;

/* A tensor in the caller's memory. `shape` has `rank` entries. */
typedef struct horn_tensor {
  void *data;                   /* row-major elements */
  int32_t dtype;                /* horn_dtype */
  int32_t rank;                 /* number of axes */
  int64_t shape[HORN_MAX_RANK]; /* sizes of the axes */
} horn_tensor;

/* Finds the value of a variable while a model is created; null means that it is missing.
 * The memory must stay as it is until horn_model_create returns, or, for variables that `forward`
 * reads, as long as the model lives. A value that is not aligned to its elements is copied. */
typedef const void *(*horn_find_variable)(void *context, const horn_weight_info *variable);

/* Where the values of variables come from while a model is created. */
typedef struct horn_variables {
  horn_find_variable find; /* null when the program carries its weights */
  /* Null, or called once for each value that is no longer needed: then variables that only
   * `prepare` reads are found when it comes to them and released behind their last use, so that few
   * are in memory at once. A variable of `forward` is released if it was copied. */
  void (*release)(void *context, const horn_weight_info *variable, const void *value);
  void *context; /* for both functions */
} horn_variables;

/* Checks the program (magic, version, CPU), binds its variables and runs `prepare`. `find` may be
 * null when the program carries its weights. `pool` is used for `prepare`; it may be null. */
horn_status horn_model_create(const horn_program *program, horn_find_variable find, void *context,
                              horn_pool *pool, horn_model **model);
horn_status horn_model_create_from(const horn_program *program, const horn_variables *variables,
                                   horn_pool *pool, horn_model **model);
void horn_model_destroy(horn_model *model); /* after its sessions */
const horn_program *horn_model_program(const horn_model *model);
/* The memory of weight `index`, or null when it is not kept. */
const void *horn_model_weight(const horn_model *model, int32_t index);
int64_t horn_model_weight_bytes(const horn_model *model); /* held for `forward`, in bytes */

/* `pool` is borrowed and may be shared by sessions that run at the same time; null runs on the
 * calling thread alone. */
horn_status horn_session_create(const horn_model *model, horn_pool *pool, horn_session **session);
void horn_session_destroy(horn_session *session);

/* The shapes that the outputs have for these inputs (only shapes and types are looked at). */
horn_status horn_session_output_shapes(horn_session *session, const horn_tensor *inputs,
                                       int32_t num_inputs, horn_tensor *outputs,
                                       int32_t num_outputs);
/* Runs the model. `outputs` give the memory for the results, with shapes as computed by
 * horn_session_output_shapes. Data is aligned to its elements, may be null when it is empty, and no
 * output overlaps an input or another output. One thread at a time may use a session. Kernels take
 * up to 512 KiB of the calling thread's stack. */
horn_status horn_session_run(horn_session *session, const horn_tensor *inputs, int32_t num_inputs,
                             const horn_tensor *outputs, int32_t num_outputs);
int64_t horn_session_arena_bytes(const horn_session *session); /* of the last run, in bytes */
/* Sets state variables back to their first values. */
horn_status horn_session_reset_state(horn_session *session);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* HORN_RUNTIME_H */

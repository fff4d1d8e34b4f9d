#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How fast models run, beside what the machine allows and what others need.

    benchmarks/models.py [--batch 1] [--threads 1,2] [--rounds 3] [--math exact] MODEL.keras ...

The limit of a run is the larger of two times: its multiply-adds at the measured peak of the cores, and its
weights at the measured read bandwidth. Where this Python has onnxruntime or openvino and there is a
MODEL.onnx beside the model, they run in turns with Horn, each once a round; the ratio is the best
other's shortest time over Horn's, the median of the rounds: above 1 Horn is faster.
"""
import argparse
import importlib.util
import json
import pathlib
import statistics
import subprocess
import sys
import time

BINARIES = pathlib.Path(__file__).resolve().parent.parent / "build" / "bin"


def measured_limits():
    """GFLOP/s and GB/s of one core."""
    names = {"multiplyAddPeak": "GFLOP/s", "readBandwidth": "GB/s"}
    command = [BINARIES / "micro_benchmarks", "--benchmark_format=json",
               f"--benchmark_filter={'|'.join(names)}", "--benchmark_min_time=0.3"]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    values = {b["name"].split("/")[0]: b for b in found["benchmarks"]}
    return [values[name][counter] for name, counter in names.items()]


def run_horn(model, batch, threads, options):
    command = [BINARIES / "horn", "bench", model, "--json", "--batch", str(batch), "--threads",
               str(threads), "--seconds", str(options.seconds), "--math", options.math]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr.strip())
    return json.loads(done.stdout)


def shortest(run, seconds):
    """The shortest time of one call, in ms."""
    run()
    times, end = [], time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    return min(times) * 1e3


def feed(inputs, batch):
    """Zeros that fit, from (name, shape, numpy type)."""
    import numpy

    def sizes(shape):
        return [batch if i == 0 else size for i, size in enumerate(shape)]
    return {name: numpy.zeros(sizes(shape), kind) for name, shape, kind in inputs}


def run_onnxruntime(path, batch, threads, seconds):
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    kinds = {"tensor(float)": "float32", "tensor(int32)": "int32", "tensor(int64)": "int64"}
    inputs = feed([(i.name, i.shape, kinds[i.type]) for i in session.get_inputs()], batch)
    return shortest(lambda: session.run(None, inputs), seconds)


def run_openvino(path, batch, threads, seconds):
    import openvino
    core = openvino.Core()
    model = core.read_model(path)
    model.reshape({i: [batch, *list(i.partial_shape)[1:]] for i in model.inputs})
    compiled = core.compile_model(model, "CPU", {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY",
                                                 "INFERENCE_PRECISION_HINT": "f32"})
    inputs = feed([(i, i.shape, i.element_type.to_dtype()) for i in compiled.inputs], batch)
    request = compiled.create_infer_request()
    return shortest(lambda: request.infer(inputs), seconds)


PEERS = {name: run for name, run in (("onnxruntime", run_onnxruntime), ("openvino", run_openvino))
         if importlib.util.find_spec(name)}


def run_peers(model, batch, threads, options):
    """The shortest time of each that can run the model."""
    path, times = pathlib.Path(model).with_suffix(".onnx"), {}
    for name, run in PEERS.items() if path.exists() else ():
        try:
            times[name] = run(str(path), batch, threads, options.seconds)
        except Exception as error:  # theirs: what they cannot run has no time
            print(f"{name} cannot run {path}: {str(error).splitlines()[0]}", file=sys.stderr)
    return times


def measure(model, batch, threads, options, peak, bandwidth):
    rounds = [(run_horn(model, batch, threads, options), run_peers(model, batch, threads, options))
              for _ in range(options.rounds)]
    best = min((horn for horn, _ in rounds), key=lambda horn: horn["min_ms"])
    limit = max(best["flops"] / (threads * peak), best["weight_bytes"] / (threads * bandwidth)) / 1e6
    row = [pathlib.Path(model).stem, str(batch), str(threads), f"{best['min_ms']:.3g}",
           f"{limit:.3g}", f"{100 * limit / best['min_ms']:.0f} %"]
    for name in PEERS:
        times = [peers[name] for _, peers in rounds if name in peers]
        row.append(f"{min(times):.3g}" if times else "-")
    ratios = [min(peers.values()) / horn["min_ms"] for horn, peers in rounds if peers]
    return row + [f"{statistics.median(ratios):.2f}" if ratios else "-"]


def numbers(text):
    return [int(part) for part in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="+")
    parser.add_argument("--batch", type=numbers, default=[1], help="as 1 or 1,16")
    parser.add_argument("--threads", type=numbers, default=[1, 2], help="as 2 or 1,2")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2, help="of each run")
    parser.add_argument("--math", default="exact", choices=["exact", "fast"])
    options = parser.parse_args()
    peak, bandwidth = measured_limits()
    print(f"one core: {peak:.0f} GFLOP/s of multiply-adds, {bandwidth:.0f} GB/s read\n")
    print("| " + " | ".join(["model", "batch", "threads", "ms", "limit ms", "of limit", *PEERS, "ratio"]) + " |")
    print("| --- " * (7 + len(PEERS)) + "|")
    for model in options.models:
        for batch in options.batch:
            for threads in options.threads:
                print("| " + " | ".join(measure(model, batch, threads, options, peak, bandwidth)) + " |",
                      flush=True)


if __name__ == "__main__":
    main()

package dev.nightfuse.fusion;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The batches that an engine works on, the oldest first: while it computes one, the next is handed
 * over. Made once and reused. One thread.
 */
final class UnderWay {

  /** One batch and whose pairs are in it. */
  static final class Flight {
    final FusionBatch batch;
    final List<FusionJob> jobs;
    long begunNs;

    Flight(int maxBatch) {
      batch = new FusionBatch(maxBatch);
      jobs = new ArrayList<>(maxBatch);
    }
  }

  private final int maxBatch;
  private final Deque<Flight> flights = new ArrayDeque<>();
  private final Deque<Flight> spare = new ArrayDeque<>();

  UnderWay(int maxBatch) {
    this.maxBatch = maxBatch;
  }

  int size() {
    return flights.size();
  }

  /** Begins a batch of these jobs, which is under way from now on, also when this throws. */
  void begin(FusionEngine engine, List<FusionJob> jobs, long nowNs) throws EngineException {
    Flight flight = spare.isEmpty() ? new Flight(maxBatch) : spare.remove();
    flight.begunNs = nowNs;
    flight.jobs.addAll(jobs);
    jobs.clear();
    flights.add(flight);
    for (FusionJob job : flight.jobs) {
      job.addTo(flight.batch);
    }
    try {
      engine.begin(flight.batch);
    } catch (RuntimeException | Error e) {
      throw new EngineException("the engine failed: " + e, e);
    }
  }

  /** Waits for the oldest batch; its outputs are written when this returns. */
  void finish(FusionEngine engine) throws EngineException {
    try {
      engine.finish();
    } catch (RuntimeException | Error e) {
      throw new EngineException("the engine failed: " + e, e);
    }
  }

  /** The oldest batch, no longer under way; to be given back when its jobs were told. */
  Flight remove() {
    Flight flight = flights.remove();
    flight.batch.clear();
    return flight;
  }

  void giveBack(Flight flight) {
    flight.jobs.clear();
    spare.add(flight);
  }
}

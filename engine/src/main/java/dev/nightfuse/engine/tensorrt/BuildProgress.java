package dev.nightfuse.engine.tensorrt;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * One number out of TensorRT's nested phases: each phase is a step of the one around it. The number
 * never falls. One thread.
 */
final class BuildProgress {

  /** A phase that has begun and not ended. */
  private static final class Phase {
    final String name;
    final int steps;
    int done;

    Phase(String name, int steps) {
      this.name = name;
      this.steps = Math.max(1, steps);
    }
  }

  /** The outermost first. */
  private final Deque<Phase> open = new ArrayDeque<>();

  private final Map<String, Phase> byName = new HashMap<>();
  private double fraction;

  /** Takes a line of the building process; whether it changed anything. */
  boolean accept(BuildReply reply) {
    switch (reply.kind()) {
      case PHASE -> {
        Phase phase = new Phase(reply.text(), reply.number());
        open.addLast(phase);
        byName.put(phase.name, phase);
      }
      case STEP -> {
        Phase phase = byName.get(reply.text());
        if (phase == null) {
          return false;
        }
        phase.done = Math.min(phase.steps, Math.max(phase.done, reply.number() + 1));
      }
      case END -> {
        Phase phase = byName.remove(reply.text());
        open.remove(phase);
      }
      case DONE -> {
        open.clear();
        byName.clear();
        fraction = 1;
      }
      case SAY, FAILED -> {
        return false;
      }
    }
    fraction = Math.max(fraction, now());
    return true;
  }

  /** 0 to 1. */
  double fraction() {
    return fraction;
  }

  /** The innermost phase; empty before the first. */
  String phase() {
    return open.isEmpty() ? "" : open.getLast().name;
  }

  private double now() {
    double inner = 0;
    for (Iterator<Phase> phases = open.descendingIterator(); phases.hasNext(); ) {
      Phase phase = phases.next();
      inner = Math.min(1, (phase.done + inner) / phase.steps);
    }
    return inner;
  }
}

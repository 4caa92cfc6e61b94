package dev.nightfuse.engine.network.mafs;

/** The same stage of both modalities; same shape. */
record Streams<T>(T rgb, T thermal) {}

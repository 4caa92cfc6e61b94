package dev.nightfuse.engine;

/**
 * How an engine is opened.
 *
 * @param widthPx width of the pictures it will be given
 * @param heightPx height of the pictures it will be given
 * @param maxBatch most pairs in one call, 1 to 64
 * @param threads CPU threads for one inference; 1 leaves the other core to the encoder
 */
public record EngineOptions(int widthPx, int heightPx, int maxBatch, int threads) {}

/**
 * MaeFuse (arXiv 2404.11016): a masked autoencoder's encoder for both pictures, a fusion layer of
 * two attention modules (CFM compares, MFM merges), and the autoencoder's decoder. Read top-down
 * from {@link dev.nightfuse.engine.network.maefuse.MaeFuse}.
 *
 * <pre>
 *  visible  --> encoder --+
 *                         +--> fusion layer (CFM, MFM) --> decoder --> tokens --> picture
 *  infrared --> encoder --+
 * </pre>
 */
@NullMarked
package dev.nightfuse.engine.network.maefuse;

import org.jspecify.annotations.NullMarked;

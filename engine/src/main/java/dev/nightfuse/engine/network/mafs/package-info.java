/**
 * MAFS (arXiv 2509.11817): masked pre-training, mutual reinforcement of fusion and segmentation.
 * Read top-down from {@link dev.nightfuse.engine.network.mafs.Mafs}; file names are those of the
 * paper's figures.
 *
 * <pre>
 *  visible --> SFE --+--> DEM/ResNet x4 (both streams) --> CAM: f3..f6 ----------------+--> FPN, ASPP, MST --+
 *  infrared -> SFE --+                                          |                                           +--> labels
 *                    +--> AFM (1/1, 1/2) --> PHF (with f3) --> DSRM --> invertible decoder --> fused        |
 *                                              +---------------- rec_f1 ------------------------------------+
 * </pre>
 */
@NullMarked
package dev.nightfuse.engine.network.mafs;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.nightfuse.access;

import org.jspecify.annotations.NullMarked;

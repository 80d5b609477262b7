/**
 * Recommendations: where to go, and with whom. Stored rankings of the published run answer when they provably can; the
 * same scoring code answers live when they cannot.
 */
@NullMarked
package dev.luna.api.reco;

import org.jspecify.annotations.NullMarked;

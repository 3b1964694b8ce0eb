package io.rootstock.trainer.engine;

/**
 * Muon (Jordan et al. 2024) for the matrices of the layers: momentum whose singular values are all brought near one by
 * Newton-Schulz iterations. The update is scaled so that its root mean square is that of AdamW's (Liu et al. 2025), and
 * the same learning rate and weight decay serve both.
 *
 * @param momentum decay of the gradient's average
 * @param iterations Newton-Schulz iterations
 */
public record MuonSettings(double momentum, int iterations) {
    /** The settings of its authors. */
    public static final MuonSettings DEFAULT = new MuonSettings(0.95, 5);

    /** Refuses settings under which it cannot work. */
    public MuonSettings {
        if (!(momentum >= 0 && momentum < 1) || iterations < 1) {
            throw new IllegalArgumentException("momentum must lie in [0, 1) and iterations be at least 1");
        }
    }
}

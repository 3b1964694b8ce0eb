package io.rootstock.trainer.engine.optimizer;

/**
 * Settings of Muon (Jordan et al. 2024) for the layers' matrices. The update is scaled to the RMS of AdamW's (Liu et al.
 * 2025), so that learning rate and weight decay are shared with AdamW.
 *
 * @param momentum decay rate of the momentum, mu, in [0, 1)
 * @param iterations number of Newton-Schulz iterations, at least 1
 */
public record MuonSettings(double momentum, int iterations) {
    /** The authors' settings: momentum 0.95, 5 iterations. */
    public static final MuonSettings DEFAULT = new MuonSettings(0.95, 5);

    /** Checks the ranges of the settings. */
    public MuonSettings {
        if (!(momentum >= 0 && momentum < 1) || iterations < 1) {
            throw new IllegalArgumentException("momentum must lie in [0, 1) and iterations be at least 1");
        }
    }
}

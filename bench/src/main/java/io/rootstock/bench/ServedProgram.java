package io.rootstock.bench;

import io.rootstock.cli.installation.Service;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that uses running services. Its environment has {@code ROOTSTOCK_URL} (OpenAI-compatible API, such as {@code
 * http://127.0.0.1:40213/v1}), {@code ROOTSTOCK_MODEL} and {@code ROOTSTOCK_HOME}.
 */
public final class ServedProgram {
    private ServedProgram() {}

    /** URL of the OpenAI-compatible API. */
    public static String url(Lifecycle life) {
        int port = life.installation().status().stream()
                .filter(status -> status.service() == Service.INFERENCE)
                .findFirst()
                .orElseThrow()
                .httpPort();
        return "http://127.0.0.1:" + port + "/v1";
    }

    /** Prepares a program with the standard streams of this process. */
    public static ProcessBuilder of(Lifecycle life, String model, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).inheritIO();
        builder.environment().put("ROOTSTOCK_URL", url(life));
        builder.environment().put("ROOTSTOCK_MODEL", model);
        builder.environment().put("ROOTSTOCK_HOME", life.home().toString());
        return builder;
    }
}

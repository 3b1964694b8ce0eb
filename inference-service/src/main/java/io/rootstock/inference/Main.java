package io.rootstock.inference;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.rootstock.inference.serving.FirstLoadProcess;
import io.rootstock.sandbox.Launcher;
import java.util.Arrays;

/**
 * Starts the service, or with {@value FirstLoadProcess#OPTION} as first argument the process of one first load, which a
 * native executable starts through {@value Launcher#OPTION}.
 */
@QuarkusMain
public final class Main {
    private Main() {}

    public static void main(String... arguments) {
        if (arguments.length > 0 && arguments[0].equals(FirstLoadProcess.OPTION)) {
            FirstLoadProcess.run(Arrays.copyOfRange(arguments, 1, arguments.length));
        } else if (arguments.length > 0 && arguments[0].equals(Launcher.OPTION)) {
            Launcher.main(Arrays.copyOfRange(arguments, 1, arguments.length));
        } else {
            Quarkus.run(arguments);
        }
    }
}

package io.rootstock.cli.installation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Rootstock's version, for {@code --version}. */
public final class BuildVersion implements IVersionProvider {

    /** Returns the version, for example 0.1.0-SNAPSHOT. */
    public static String current() {
        try (InputStream file = BuildVersion.class.getResourceAsStream("build.properties")) {
            Properties properties = new Properties();
            properties.load(file);
            return properties.getProperty("version");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public String[] getVersion() {
        return new String[] {"rootstock " + current() + " (Java " + Runtime.version() + ")"};
    }
}

package io.rootstock.k8s;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every setting of the code: the methods of all {@code @ConfigMapping} interfaces, and the Quarkus settings in the
 * services' default configuration.
 */
final class KnownSettings {
    private static Set<String> properties = Set.of();

    private KnownSettings() {}

    /** Returns the settings as property names, such as {@code rootstock.registry.endpoint}. The classes are read once. */
    static synchronized Set<String> properties() throws IOException {
        if (properties.isEmpty()) {
            properties = Set.copyOf(read());
        }
        return properties;
    }

    private static Set<String> read() throws IOException {
        Set<String> names = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(KnownSettings::namesConfigMapping)
                .importPackages("io.rootstock")) {
            if (type.isAnnotatedWith(ConfigMapping.class)) {
                Class<?> mapping = type.reflect();
                addMethods(mapping, mapping.getAnnotation(ConfigMapping.class).prefix(), names);
            }
        }
        for (String service : Installation.SERVICES) {
            names.addAll(defaults(service).stringPropertyNames());
        }
        names.addAll(load(Path.of("../libs/service-kit/src/main/resources/META-INF/microprofile-config.properties"))
                .stringPropertyNames());
        return names;
    }

    /** Whether the class file names the annotation; to import all classes takes half a minute. */
    private static boolean namesConfigMapping(Location file) {
        try (InputStream bytes = file.asURI().toURL().openStream()) {
            return new String(bytes.readAllBytes(), StandardCharsets.ISO_8859_1)
                    .contains(ConfigMapping.class.descriptorString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the default configuration of a service. */
    static Properties defaults(String service) throws IOException {
        return load(Path.of("../" + service + "-service/src/main/resources/application.properties"));
    }

    /** Returns the environment variable of a property. */
    static String environmentName(String property) {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private static void addMethods(Class<?> mapping, String prefix, Set<String> names) {
        for (Method method : mapping.getMethods()) {
            String name = prefix;
            if (!method.isAnnotationPresent(WithParentName.class)) {
                WithName given = method.getAnnotation(WithName.class);
                name += "." + (given == null ? kebab(method.getName()) : given.value());
            }
            if (method.getReturnType().isInterface()
                    && method.getReturnType().getPackageName().startsWith("io.rootstock")) {
                addMethods(method.getReturnType(), name, names);
            } else {
                names.add(name);
            }
        }
    }

    private static String kebab(String camel) {
        return camel.replaceAll("(?<=[a-z0-9])([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static Properties load(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }
}

package io.rootstock.cli.image;

import com.google.protobuf.GeneratedMessage;
import com.google.protobuf.ProtocolMessageEnum;
import io.rootstock.cli.installation.ProcessRecord;
import io.rootstock.cli.installation.SupervisorRecord;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.graalvm.nativeimage.hosted.Feature;
import org.graalvm.nativeimage.hosted.RuntimeProxyCreation;
import org.graalvm.nativeimage.hosted.RuntimeReflection;

/**
 * Registers the classes that the command line reads by reflection: the commands (picocli), the records that are stored as JSON
 * (Jackson), and the messages of the contracts that are reachable (protobuf's JSON and text formats).
 */
public final class ImageFeature implements Feature {
    /** Names of the methods by which protobuf reads and writes the fields of a message. */
    private static final List<String> ACCESSORS =
            List.of("get", "has", "set", "add", "clear", "newBuilder", "valueOf", "forNumber");

    /** Records that are stored as JSON. */
    private static final List<Class<?>> STORED =
            List.of(ProcessRecord.class, SupervisorRecord.class, SupervisorRecord.Restarts.class);

    /** Classes of Netty that look up methods of their own for its detection of leaks. */
    private static final List<String> LEAK_EXCLUSIONS = List.of(
            "io.netty.buffer.AbstractByteBufAllocator",
            "io.netty.buffer.AdvancedLeakAwareByteBuf",
            "io.netty.util.ReferenceCountUtil");

    @Override
    public String getDescription() {
        return "Reflection of Rootstock's commands, records and messages";
    }

    @Override
    public void beforeAnalysis(BeforeAnalysisAccess access) {
        commandTypes(access).forEach(name -> registerWhole(access.findClassByName(name)));
        STORED.forEach(record -> {
            registerWhole(record);
            RuntimeReflection.registerAllRecordComponents(record);
        });
        registerSignals(access);
        LEAK_EXCLUSIONS.forEach(name -> registerMethods(access.findClassByName(name)));
        for (Class<?> base :
                List.of(GeneratedMessage.class, GeneratedMessage.Builder.class, ProtocolMessageEnum.class)) {
            access.registerSubtypeReachabilityHandler((_, type) -> registerAccessors(type), base);
        }
    }

    /**
     * Names of the classes of the commands. They are collected by a class loader of their own, because a class that the builder
     * initializes would have its initial state in the image.
     */
    private static List<String> commandTypes(FeatureAccess access) {
        URL[] classPath =
                access.getApplicationClassPath().stream().map(ImageFeature::url).toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Object names = loader.loadClass(CommandTypes.class.getName())
                    .getMethod("names")
                    .invoke(null);
            return ((List<?>) names).stream().map(String.class::cast).toList();
        } catch (IOException | ReflectiveOperationException failure) {
            throw new IllegalStateException("cannot collect the classes of the commands", failure);
        }
    }

    private static URL url(Path entry) {
        try {
            return entry.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** JLine finds the JDK's signals by reflection. */
    private static void registerSignals(FeatureAccess access) {
        Class<?> signal = access.findClassByName("sun.misc.Signal");
        Class<?> handler = access.findClassByName("sun.misc.SignalHandler");
        registerWhole(signal);
        registerWhole(handler);
        RuntimeProxyCreation.register(handler);
    }

    private static void registerWhole(Class<?> type) {
        RuntimeReflection.register(type);
        RuntimeReflection.register(type.getDeclaredConstructors());
        RuntimeReflection.register(type.getDeclaredFields());
        registerMethods(type);
    }

    /** Registers methods, also for the list of all. */
    private static void registerMethods(Class<?> type) {
        RuntimeReflection.register(type.getDeclaredMethods());
        RuntimeReflection.registerAllDeclaredMethods(type);
    }

    private static void registerAccessors(Class<?> type) {
        RuntimeReflection.register(type);
        RuntimeReflection.register(Arrays.stream(type.getDeclaredMethods())
                .filter(ImageFeature::isAccessor)
                .toArray(Method[]::new));
    }

    private static boolean isAccessor(Method method) {
        String name = method.getName();
        return Modifier.isPublic(method.getModifiers())
                && !method.isBridge()
                && !name.contains("OrBuilder")
                && ACCESSORS.stream().anyMatch(name::startsWith);
    }
}

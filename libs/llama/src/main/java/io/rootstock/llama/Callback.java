package io.rootstock.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/**
 * Every static Java method that native code calls, with its call shape: the counterpart of {@link Function}. A callback
 * must not throw, and is worth its cost only where it is called seldom: entering Java takes microseconds in a native
 * image.
 */
enum Callback {
    /** {@code ggml_log_callback}: level, text, user data. */
    LOG(NativeLog.class, "receive", FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS));

    private final Class<?> holder;
    private final String method;

    @SuppressWarnings("ImmutableEnumChecker") // immutable, though not annotated so
    private final FunctionDescriptor shape;

    Callback(Class<?> holder, String method, FunctionDescriptor shape) {
        this.holder = holder;
        this.method = method;
        this.shape = shape;
    }

    /** The class of the method. */
    Class<?> holder() {
        return holder;
    }

    /** The method's name. */
    String method() {
        return method;
    }

    /** Argument and result layouts. */
    FunctionDescriptor shape() {
        return shape;
    }

    /** The C function pointer; lives as long as the process, as the library does. */
    MemorySegment pointer() {
        try {
            return Linker.nativeLinker()
                    .upcallStub(
                            MethodHandles.lookup().findStatic(holder, method, shape.toMethodType()),
                            shape,
                            Arena.global());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(holder.getName() + "." + method, e);
        }
    }
}

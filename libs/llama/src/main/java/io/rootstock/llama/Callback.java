package io.rootstock.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/**
 * Every static Java method that native code calls, with its signature: the counterpart of {@link Function}. A callback
 * must not throw, and should be called rarely: entering Java takes microseconds in a native image.
 */
enum Callback {
    /** {@code ggml_log_callback}: level, text, user data. */
    LOG(NativeLog.class, "receive", FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS));

    private final Class<?> holder;
    private final String method;

    @SuppressWarnings("ImmutableEnumChecker") // immutable, but not annotated
    private final FunctionDescriptor shape;

    Callback(Class<?> holder, String method, FunctionDescriptor shape) {
        this.holder = holder;
        this.method = method;
        this.shape = shape;
    }

    /** Class that declares the method. */
    Class<?> holder() {
        return holder;
    }

    /** Name of the Java method. */
    String method() {
        return method;
    }

    /** Argument and result layouts. */
    FunctionDescriptor shape() {
        return shape;
    }

    /** C function pointer, valid for the lifetime of the process. */
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

package io.rootstock.torch;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rootstock.panama.NativeCall;
import java.lang.invoke.MethodHandle;

/**
 * Reads a tensor's .grad, which libtorch's stable ABI does not expose. Only tests need it, so it calls the C++ symbol
 * directly. An AtenTensorHandle is an at::Tensor*, which holds one TensorImpl*.
 */
public final class AutogradAccess {
    private static final MethodHandle MUTABLE_GRAD =
            NativeLibraries.function("_ZN3c1010TensorImpl12mutable_gradEv", JAVA_LONG, JAVA_LONG);

    private AutogradAccess() {}

    /** Returns the gradient of a leaf after the backward pass. */
    public static Tensor gradient(Tensor leaf) {
        try {
            long implementation = NativeLibraries.MEMORY.get(JAVA_LONG, leaf.handle());
            long borrowed = (long) MUTABLE_GRAD.invokeExact(implementation);
            Scratch scratch = Scratch.ofThread();
            StableAbi.check((int) StableAbi.NEW_HANDLE.invokeExact(borrowed, scratch.result()), "grad");
            return new Tensor(scratch.readResult());
        } catch (Throwable e) {
            throw NativeCall.rethrow(e);
        }
    }
}

package io.rootstock.torch;

/**
 * Device of a tensor's memory.
 *
 * @param type kind of device
 * @param index index of the device; -1: the current device
 */
public record Device(Type type, int index) {
    /** Types of devices, with libtorch's codes. */
    public enum Type {
        /** Main memory and the processor's cores. */
        CPU(0),
        /** An NVIDIA GPU. */
        CUDA(1);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** The only CPU device. */
    public static final Device CPU = new Device(Type.CPU, -1);

    /** Returns the GPU of this index. */
    public static Device cuda(int index) {
        return new Device(Type.CUDA, index);
    }

    long encoded() {
        return ((long) type.code() << 32) | (index & 0xffffffffL);
    }
}

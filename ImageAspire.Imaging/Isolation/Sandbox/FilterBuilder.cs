using System.Runtime.InteropServices;

namespace ImageAspire.Imaging.Isolation.Sandbox;

/// <summary>One instruction of a filter (<c>struct sock_filter</c>): jumps count the instructions that they skip.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FilterInstruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

/// <summary>Writes a seccomp filter: a program for the kernel's packet filter (<c>linux/filter.h</c>) that decides about each system call.</summary>
internal sealed class FilterBuilder
{
    /// <summary>EPERM.</summary>
    public const uint NotPermitted = 1;

    /// <summary>EACCES.</summary>
    public const uint NotAllowed = 13;

    /// <summary>ENOSYS: the C library then uses an older call.</summary>
    public const uint NotImplemented = 38;

    // BPF_LD | BPF_W | BPF_ABS, BPF_JMP | BPF_K with BPF_JEQ, BPF_JGT and BPF_JSET, BPF_RET | BPF_K.
    private const ushort Load = 0x20, JumpIfEqual = 0x15, JumpIfGreater = 0x25, JumpIfAnyBit = 0x45, Return = 0x06;

    // SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO.
    private const uint Allow = 0x7fff0000, Fail = 0x00050000;

    // struct seccomp_data.
    private const uint NumberOffset = 0, ArchitectureOffset = 4, ArgumentsOffset = 16;
    private readonly List<FilterInstruction> _instructions = [];

    /// <summary>Refuses all calls of other instruction sets, whose numbers mean something else.</summary>
    public FilterBuilder(uint architecture)
    {
        Add(Load, ArchitectureOffset);
        Add(JumpIfEqual, architecture, ifTrue: 1);
        Add(Return, Fail | NotPermitted);
        Add(Load, NumberOffset);
    }

    /// <summary>Refuses a call.</summary>
    public void Deny(uint call, uint error = NotPermitted)
    {
        Add(JumpIfEqual, call, ifFalse: 1);
        Add(Return, Fail | error);
    }

    /// <summary>Allows a call when an argument has one of two values.</summary>
    public void AllowIfEqual(uint call, int argument, uint value, uint otherValue)
    {
        Add(JumpIfEqual, call, ifFalse: 5);
        Add(Load, Offset(argument));
        Add(JumpIfEqual, value, ifTrue: 2);
        Add(JumpIfEqual, otherValue, ifTrue: 1);
        Add(Return, Fail | NotPermitted);
        Add(Return, Allow);
    }

    /// <summary>Allows a call when an argument has any of these bits.</summary>
    public void AllowIfAnyBit(uint call, int argument, uint bits)
    {
        Add(JumpIfEqual, call, ifFalse: 4);
        Add(Load, Offset(argument));
        Add(JumpIfAnyBit, bits, ifTrue: 1);
        Add(Return, Fail | NotPermitted);
        Add(Return, Allow);
    }

    /// <summary>Allows a call when an argument has none of these bits.</summary>
    public void AllowIfNoBit(uint call, int argument, uint bits)
    {
        Add(JumpIfEqual, call, ifFalse: 4);
        Add(Load, Offset(argument));
        Add(JumpIfAnyBit, bits, ifFalse: 1);
        Add(Return, Fail | NotAllowed);
        Add(Return, Allow);
    }

    /// <summary>Allows every call that nothing above has decided, but of those above a number only these.</summary>
    /// <returns>The filter.</returns>
    public FilterInstruction[] AllowUpTo(uint newest, params ReadOnlySpan<uint> newer)
    {
        foreach (var call in newer)
        {
            Add(JumpIfEqual, call, ifFalse: 1);
            Add(Return, Allow);
        }

        Add(JumpIfGreater, newest, ifFalse: 1);
        Add(Return, Fail | NotImplemented);
        Add(Return, Allow);
        return [.. _instructions];
    }

    // The low half: arguments that are compared have 32 bits, and x64 and arm64 store it first.
    private static uint Offset(int argument) => ArgumentsOffset + (8 * (uint)argument);

    private void Add(ushort code, uint value, byte ifTrue = 0, byte ifFalse = 0) => _instructions.Add(new FilterInstruction(code, ifTrue, ifFalse, value));
}

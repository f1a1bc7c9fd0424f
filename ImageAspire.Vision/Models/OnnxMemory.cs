using Microsoft.ML.OnnxRuntime;

namespace ImageAspire.Vision.Models;

/// <summary>The memory in which all models compute: one arena for all of them, instead of one that keeps the peak of each.</summary>
internal static class OnnxMemory
{
    private const int ExtendAsRequested = 1; // and not by powers of two

    private static readonly Lazy<bool> Shared = new(() =>
    {
        OnnxTelemetry.Disable();
        using var memory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
        using var arena = new OrtArenaCfg(maxMemory: 0, arenaExtendStrategy: ExtendAsRequested, initialChunkSizeBytes: -1, maxDeadBytesPerChunk: -1);
        OrtEnv.Instance().CreateAndRegisterAllocator(memory, arena);
        return true;
    });

    /// <summary>Prepares it, once in a process.</summary>
    public static void Share() => _ = Shared.Value;
}

using System.Runtime.InteropServices;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Vips;

namespace ImageAspire.Imaging.Isolation;

/// <summary>A program as a decoder: the Worker starts itself again with one argument, and this runs instead of the Worker.</summary>
public static class DecoderProcess
{
    /// <summary>The argument.</summary>
    internal const string Argument = "decode-pictures";

    /// <summary>Whether this process was started as a decoder.</summary>
    public static bool IsAskedFor(IReadOnlyList<string> args) => args is [Argument];

    /// <summary>Decodes what comes on standard input until it ends.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync() => RunAsync(pictures => pictures);

    /// <summary>The same, with something around the codec.</summary>
    internal static async Task<int> RunAsync(Func<IImageDecoder, IImageDecoder> around)
    {
        // The Worker drains first, and ends its decoders itself: a signal to the whole group is not for them.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();
        DecoderConfinement.EndWithParent();
        await new DecoderServer(input, output, (settings, time) =>
        {
            var (pictures, library) = Open(settings, time);
            DecoderConfinement.Apply(settings.MemoryBytes);
            return (around(pictures), library);
        }).RunAsync();
        return 0;
    }

    private static (IImageDecoder Pictures, string? Library) Open(DecoderSettings settings, TimeProvider time)
    {
        var options = new ImagingOptions { Library = settings.Library, MaxPixels = settings.MaxPixels, MaxSide = settings.MaxSide, Quality = settings.Quality };
        return settings.Library != "none" && LibVipsLoader.TryStart(settings.Library)
            ? (new VipsPictures(options, time), LibVipsLoader.Description)
            : (new HeaderPictures(options, time), null);
    }
}

using System.Reflection;

namespace ImageAspire.Tests;

/// <summary>The programs of this build, for the tests that start them as processes.</summary>
internal static class Programs
{
    public static string AppHost => PathOf("ImageAspire.AppHost");

    public static string Api => PathOf("ImageAspire.Api");

    public static string Worker => PathOf("ImageAspire.Worker");

    public static string Cli => PathOf("imageaspire");

    public static string Emulators => PathOf("ImageAspire.Emulators");

    public static string ServiceBusEmulator => PathOf("ImageAspire.ServiceBusEmulator");

    public static string Vision => PathOf("ImageAspire.Vision");

    // Written down by the build (ImageAspire.Tests.csproj).
    private static string PathOf(string name) => typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == name).Value!;
}

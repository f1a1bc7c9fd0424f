using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ImageAspire.Tests.Api;

/// <summary>
/// The OpenAPI document as others use it: a TypeScript client is generated from it (openapi-typescript), a program that uses the client is
/// compiled, which checks the types, and calls a running Api.
/// </summary>
public sealed class OpenApiClientTests
{
    [OpenApiClientFact]
    public async Task GeneratedClient_RunningApi_UnderstandEachOther()
    {
        await using var host = new ApiHost();
        var folder = OpenApiClientFactAttribute.Folder;
        var photo = Path.Combine(host.DataFolder, "client.jpg");
        await File.WriteAllBytesAsync(photo, TestImages.Jpeg(seed: 77));

        await NodeAsync("node_modules/openapi-typescript/bin/cli.js", Path.Combine(folder, "..", "..", "docs", "openapi", "v1.json"), "-o", "obj/schema.d.ts");
        await NodeAsync("node_modules/typescript/bin/tsc", "-p", ".");
        var output = await NodeAsync("obj/js/calls.js", host.Address.ToString().TrimEnd('/'), ApiHost.AllKey, photo);

        output.TrimEnd().ShouldEndWith("ok");
    }

    private static async Task<string> NodeAsync(params string[] arguments)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var node = Process.Start(new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = OpenApiClientFactAttribute.Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = node.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = node.StandardError.ReadToEndAsync(patience.Token);
        await node.WaitForExitAsync(patience.Token);
        node.ExitCode.ShouldBe(0, $"node {string.Join(' ', arguments)}\n{await output}\n{await errors}");
        return await output;
    }
}

/// <summary>A test that needs Node and the installed packages of ImageAspire.Tests/OpenApiClient.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpenApiClientFactAttribute : FactAttribute
{
    private static readonly string? Missing = WhatIsMissing();

    public OpenApiClientFactAttribute() => Skip = Missing;

    /// <summary>The folder of the client, in the source tree.</summary>
    public static string Folder => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "OpenApiClient"));

    private static string? WhatIsMissing()
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true })!;
            var version = node.StandardOutput.ReadToEnd().Trim();
            if (!int.TryParse(version.TrimStart('v').Split('.')[0], out var major) || major < 20)
                return $"Node {version} is too old for the generator of the OpenAPI client: 20 or newer is needed.";
        }
        catch (Win32Exception)
        {
            return "No Node here, so no OpenAPI client is generated. Install Node 20 or newer.";
        }

        return File.Exists(Path.Combine(Folder, "node_modules", "openapi-typescript", "bin", "cli.js")) ? null
            : "The generator of the OpenAPI client is not installed: cd ImageAspire.Tests/OpenApiClient; npm ci";
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

using ImageAspire.AppHost.Model;

namespace ImageAspire.Tests.AppHost;

/// <summary>Options and what becomes of them.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--data", "ImageAspire:Data")]
    [InlineData("--workers", "ImageAspire:Workers")]
    [InlineData("--api-port", "ImageAspire:ApiPort")]
    [InlineData("--dashboard-port", "ImageAspire:DashboardPort")]
    [InlineData("--api-key", "ImageAspire:ApiKey")]
    [InlineData("--api-key-file", "ImageAspire:ApiKeyFile")]
    [InlineData("--backend", "ImageAspire:Backend")]
    [InlineData("--vision", "ImageAspire:Vision")]
    public void Read_Option_IsItsSetting(string option, string key)
    {
        Read([option, "x"]).ShouldBe([$"--{key}=x"]);
        Read([$"{option}=x=y"]).ShouldBe([$"--{key}=x=y"]);
        Read([option.ToUpperInvariant(), "x"]).ShouldBe([$"--{key}=x"]);
    }

    [Fact]
    public void Read_WhatAspireTakes_GoesOnUnchanged()
    {
        string[] arguments = ["--operation", "publish", "--step", "publish-manifest", "--output-path", "/tmp/x", "--Parameters:api-key=k", "--ImageAspire:Scale:MaxApis", "3", "--list-steps"];
        Read(arguments).ShouldBe(arguments);
    }

    [Fact]
    public void Read_SeveralWrong_AreNamedAllAtOnce() =>
        CommandLine.Read(["--wrokers", "2", "--api-port", "--data"], out _)
            .ShouldBe(["There is no option --wrokers.", "'2' is not an option.", "--api-port needs a value.", "--data needs a value."]);

    [Fact]
    public void Read_OneWrong_TheOthersAreStillRead()
    {
        CommandLine.Read(["--backup", "--workers=2"], out var arguments).ShouldHaveSingleItem();
        arguments.ShouldBe(["--ImageAspire:Workers=2"]);
    }

    [Theory]
    [InlineData(true, "--workers", "2", "--api-key", "k")]
    [InlineData(true, "--API-KEY=k")]
    [InlineData(true, "--ImageAspire:ApiKey", "k")]
    [InlineData(false, "--api-key-file", "k")]
    [InlineData(false, "--data", "api-key")]
    public void HasKey_KeyItself_IsNoticed(bool wanted, params string[] arguments) => CommandLine.HasKey(arguments).ShouldBe(wanted);

    private static string[] Read(string[] arguments)
    {
        CommandLine.Read(arguments, out var read).ShouldBeEmpty();
        return read;
    }
}

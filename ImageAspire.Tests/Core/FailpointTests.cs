using System.Diagnostics;
using System.Reflection;
using ImageAspire.Core.Failpoints;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Core;

public sealed class FailpointTests
{
    private readonly List<string> _acts = [];

    [Fact]
    public void Hit_NoPlan_DoesNothing() => Failpoint.Hit(FailpointNames.ReceiveStaged);

    [Fact]
    public void Hit_IsCompiledOnlyWithTheSymbol()
    {
        var condition = typeof(Failpoint).GetMethod(nameof(Failpoint.Hit))!.GetCustomAttribute<ConditionalAttribute>();

        condition!.ConditionString.ShouldBe("FAILPOINTS");
    }

    [Fact]
    public void Names_AreAllDifferent() => FailpointNames.All.ShouldBe(FailpointNames.All.Distinct());

    [Fact]
    public void Names_EachConstant_IsInTheList()
    {
        var constants = typeof(FailpointNames).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetValue(null)!);

        constants.Except(FailpointNames.All).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("receive.staged=die", "receive.staged die 0, receive.staged die 0")]
    [InlineData("receive.staged=die@2", "receive.staged die 0")]
    [InlineData("receive.staged=die@3", "")]
    [InlineData("*=tell", "receive.staged tell 0, database.begun tell 0")]
    [InlineData("receive.staged=delay:20,database.begun=throw", "receive.staged delay 20, database.begun throw 0, receive.staged delay 20")]
    [InlineData("receive.staged=stop%0", "")]
    public void Plan_SomeHits_DoesWhatItSays(string text, string acts)
    {
        var plan = FailpointPlan.Parse(text, (name, action, delay) => _acts.Add($"{name} {action} {delay.TotalMilliseconds:0}"));

        foreach (var name in new[] { FailpointNames.ReceiveStaged, FailpointNames.DatabaseBegun, FailpointNames.ReceiveStaged })
            plan.Hit(name);

        string.Join(", ", _acts).ShouldBe(acts);
    }

    [Theory]
    [InlineData("receive.staged")]
    [InlineData("receive.staged=explode")]
    [InlineData("receive.staged=delay")]
    [InlineData("receive.stagd=die")]
    [InlineData("receive.staged=die@")]
    public void Plan_Nonsense_IsRefused(string text) => Should.Throw<ArgumentException>(() => FailpointPlan.Parse(text)).Message.ShouldContain(text.Split('=')[0]);

    [Fact]
    public void Plan_Throw_Throws() =>
        Should.Throw<FailpointException>(() => FailpointPlan.Parse("receive.staged=throw").Hit(FailpointNames.ReceiveStaged)).Message.ShouldContain("receive.staged");

    [Trait("Category", "Slow")]
    [Theory]
    [InlineData("Debug", true)]
    [InlineData("Release", false)]
    public async Task Symbol_IsThereInDebugAlone(string configuration, bool expected)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", Path.Combine(Repository.Root, "ImageAspire.Core"), "-getProperty:DefineConstants", $"-p:Configuration={configuration}"])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        };
        start.Environment.Remove("Failpoints");
        using var build = Process.Start(start)!;
        var symbols = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();

        build.ExitCode.ShouldBe(0, symbols);
        symbols.Trim().Split(';').Contains("FAILPOINTS").ShouldBe(expected, symbols);
    }
}

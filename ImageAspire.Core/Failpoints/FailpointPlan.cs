using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace ImageAspire.Core.Failpoints;

/// <summary>
/// What is to happen at which failpoint: <c>NAME=ACTION</c>, separated by commas. NAME may be <c>*</c> for all. ACTION is <c>die</c>
/// (SIGKILL), <c>stop</c> (SIGSTOP, until SIGCONT; Unix only), <c>throw</c>, <c>delay:MILLISECONDS</c>, or <c>tell</c> (a
/// line on standard error at the first hit). After it <c>@N</c> for the N-th hit alone, or <c>%P</c> for P of a hundred hits. Every action but
/// <c>delay</c> and <c>throw</c> says on standard error where it was.
/// </summary>
public sealed partial class FailpointPlan
{
    private readonly List<Rule> _rules;
    private readonly Action<string, string, TimeSpan> _act;
    private readonly ConcurrentDictionary<string, bool> _reported = new(); // no more than there are names

    private FailpointPlan(List<Rule> rules, Action<string, string, TimeSpan> act) => (_rules, _act) = (rules, act);

    /// <summary>Reads a plan.</summary>
    /// <exception cref="ArgumentException">A part of it is no rule, or names a failpoint that does not exist.</exception>
    public static FailpointPlan Parse(string text) => Parse(text, Act);

    /// <summary>Reads a plan.</summary>
    /// <param name="text">The plan.</param>
    /// <param name="act">What acts instead: name of the failpoint, action, time of a delay.</param>
    /// <exception cref="ArgumentException">A part of it is no rule, or names a failpoint that does not exist.</exception>
    public static FailpointPlan Parse(string text, Action<string, string, TimeSpan> act)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new([.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ReadRule)], act);
    }

    /// <summary>This place is reached.</summary>
    public void Hit(string name)
    {
        foreach (var rule in _rules)
        {
            if (!rule.Fires(name))
                continue;
            if (rule.Action != "tell" || _reported.TryAdd(name, true))
                _act(name, rule.Action, rule.Delay);
        }
    }

    private static Rule ReadRule(string text)
    {
        if (Syntax().Match(text) is not { Success: true } match)
            throw new ArgumentException($"'{text}' is no failpoint: NAME=die|stop|throw|tell|delay:MILLISECONDS, then @N or %P.", nameof(text));
        var name = match.Groups["name"].Value;
        if (name != "*" && !FailpointNames.Exists(name))
            throw new ArgumentException($"There is no failpoint '{name}'.", nameof(text));
        return new Rule(name, match.Groups["action"].Value, TimeSpan.FromMilliseconds(Number(match.Groups["delay"], 0)),
            Number(match.Groups["nth"], 0), Number(match.Groups["percent"], 100));
    }

    private static int Number(Group group, int byDefault) => group.Success ? int.Parse(group.Value, CultureInfo.InvariantCulture) : byDefault;

    private static void Act(string name, string action, TimeSpan delay)
    {
        switch (action)
        {
            case "throw":
                throw new FailpointException(name);
            case "delay":
                using (var never = new ManualResetEvent(false))
                    never.WaitOne(delay); // the thread itself is held up, as a slow disk would do it
                return;
        }

#pragma warning disable RS0030 // The process may die in the next line: a logger would not have written it.
        Console.Error.WriteLine($"failpoint {name}: {action}");
#pragma warning restore RS0030
        if (action == "tell")
            return;
        using var self = Process.GetCurrentProcess();
        if (action == "die")
            self.Kill();
        else if (Kill(self.Id, OperatingSystem.IsMacOS() ? 17 : 19) != 0) // SIGSTOP
            throw new PlatformNotSupportedException($"Failpoint '{name}': this system does not stop processes.");
    }

    [GeneratedRegex(@"\A(?<name>\*|[a-z.-]+)=(?:(?<action>die|stop|throw|tell)|(?<action>delay):(?<delay>\d{1,6}))(?:@(?<nth>\d{1,6})|%(?<percent>\d{1,3}))?\z")]
    private static partial Regex Syntax();

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    private sealed class Rule(string name, string action, TimeSpan delay, int nth, int percent)
    {
        private int _hits;

        public string Action => action;

        public TimeSpan Delay => delay;

        public bool Fires(string hit) => (name == "*" || name == hit)
            && (nth == 0 ? percent >= 100 || Random.Shared.Next(100) < percent : Interlocked.Increment(ref _hits) == nth);
    }
}

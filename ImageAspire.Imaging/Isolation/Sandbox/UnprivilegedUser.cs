using System.Runtime.InteropServices;

namespace ImageAspire.Imaging.Isolation.Sandbox;

/// <summary>The user that owns nothing (<c>nobody</c>). Only root can become another user.</summary>
internal static unsafe class UnprivilegedUser
{
    /// <summary>Its number on all distributions.</summary>
    public const uint Id = 65534;

    private const int Readable = 4, Startable = 5; // R_OK, R_OK | X_OK
    private const int NotFound = 2; // ENOENT

    /// <summary>Whether this process is root.</summary>
    public static bool IsRoot => LinuxCalls.EffectiveUser() == 0;

    /// <summary>
    /// Becomes that user when this process is root and the user can read what the decoder needs. It stays root where it cannot, and in
    /// containers that do not have that user.
    /// </summary>
    public static void BecomeWherePossible(SandboxFiles files)
    {
        if (!IsRoot || LinuxCalls.SetGroups(0, null) != 0 || LinuxCalls.SetGroup(Id, Id, 0) != 0)
            return;
        // The way back stays open until the files have been tried.
        if (LinuxCalls.SetUser(Id, Id, 0) == 0)
        {
            if (CanRead(files))
            {
                LinuxCalls.Check(LinuxCalls.SetGroup(Id, Id, Id), "setresgid");
                LinuxCalls.Check(LinuxCalls.SetUser(Id, Id, Id), "setresuid");
                return;
            }

            LinuxCalls.Check(LinuxCalls.SetUser(0, 0, 0), "setresuid");
        }

        LinuxCalls.Check(LinuxCalls.SetGroup(0, 0, 0), "setresgid");
    }

    private static bool CanRead(SandboxFiles files) =>
        files.Programs.All(file => LinuxCalls.Access(file, Startable) == 0)
        && files.Files.Concat(files.Folders).All(path => LinuxCalls.Access(path, Readable) == 0 || Marshal.GetLastPInvokeError() == NotFound);
}

/** The browser's storage, which may be forbidden, full or hold what is not ours: then nothing is kept, and nothing breaks. */
class Kept {
  constructor(private readonly of: () => Storage) {}

  getItem(name: string): string | null {
    try {
      return this.of().getItem(name);
    } catch {
      return null;
    }
  }

  /** What was kept under that name; null where there is nothing that can be read. */
  read<T>(name: string): T | null {
    try {
      return JSON.parse(this.of().getItem(name) ?? "null") as T | null;
    } catch {
      return null;
    }
  }

  /** Whether it is kept. */
  setItem(name: string, value: string): boolean {
    try {
      this.of().setItem(name, value);
      return true;
    } catch {
      return false;
    }
  }

  removeItem(name: string): void {
    try {
      this.of().removeItem(name);
    } catch {
      /* it was never kept */
    }
  }

  names(): string[] {
    try {
      return Object.keys(this.of());
    } catch {
      return [];
    }
  }
}

export const local = new Kept(() => localStorage);
export const session = new Kept(() => sessionStorage);
